import { texts } from "@/words/texts";

export default texts({
  zh: {
    title: "收缴率",
    months: "账期",
    building: "楼栋",
    whole: "整个项目",
    receivable: "应收",
    received: "实收",
    missing: "未收",
    rate: "收缴率",
    goal: "目标 95%",
    noRate: "没有应收",
    note: "按所选账期的应收计算；部分缴纳的账单先冲抵最早的明细。",
  },
  en: {
    title: "Collection rate",
    months: "Months charged",
    building: "Building",
    whole: "The whole estate",
    receivable: "Receivable",
    received: "Received",
    missing: "Outstanding",
    rate: "Collection rate",
    goal: "Goal 95%",
    noRate: "Nothing receivable",
    note: "Of the charges for the chosen months; of a bill paid in part the oldest lines are paid first.",
  },
});
