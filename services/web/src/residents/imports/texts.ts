import { texts } from "@/words/texts";

export default texts({
  zh: { title: "资料导入" },
  en: { title: "Import" },
});
