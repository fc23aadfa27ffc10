import type { consoleTexts } from "@/console/texts";
import type { homeTexts } from "@/home/texts";

type Zh<N> = { [K in keyof N]: N[K] extends { zh: infer T } ? T : never };

declare module "i18next" {
  interface CustomTypeOptions {
    resources: Zh<typeof consoleTexts> & Zh<typeof homeTexts>;
    defaultNS: "session";
    returnNull: false;
  }
}
