import { texts } from "@/words/texts";

export default texts({
  zh: {
    app: "我的家",
    places: "主导航",
    owed: "待缴",
    history: "记录",
    me: "我的",
  },
  en: {
    app: "My home",
    places: "Main",
    owed: "To pay",
    history: "History",
    me: "Me",
  },
});
