import { texts } from "@/words/texts";

export default texts({
  zh: {
    title: "角色与权限",
    role: "角色",
    code: "代码",
    kind: "来源",
    template: "系统模板",
    own: "公司自定",
    count: "权限数",
    permission: "权限",
    reach: "范围",
    reaches: { ALL: "全部", ZONE: "本人分管楼栋", ASSIGNED: "派给本人的", OWN: "本人的" },
    limit: "金额上限",
    noLimit: "不限",
  },
  en: {
    title: "Roles and rights",
    role: "Role",
    code: "Code",
    kind: "Made by",
    template: "Template",
    own: "The company",
    count: "Rights",
    permission: "Right",
    reach: "Reach",
    reaches: {
      ALL: "Everything",
      ZONE: "Own buildings",
      ASSIGNED: "Assigned to them",
      OWN: "Their own",
    },
    limit: "Up to",
    noLimit: "no limit",
  },
});
