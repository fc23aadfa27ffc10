import { texts } from "@/words/texts";

export default texts({
  zh: {
    title: "我的",
    homes: "我的房屋",
    noHomes: "还没有房屋",
    joinMore: "用邀请码添加房屋",
    account: "账户",
    company: "物业公司",
  },
  en: {
    title: "Me",
    homes: "My homes",
    noHomes: "No homes yet",
    joinMore: "Add a home with an invitation code",
    account: "Account",
    company: "Property company",
  },
});
