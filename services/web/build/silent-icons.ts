import type { Plugin } from "vite";

const MAKERS = /\/@ant-design\/icons\/es\/components\/AntdIcon(Light)?\.js$/;

const MARK = '"aria-label": icon.name';

/**
 * Hides Ant Design's icons from screen readers. By itself every icon says its English name, so a
 * button reads "printer 打印收据". What is a button without words has a label of its own.
 */
export function silentIcons(): Plugin {
  let silenced = 0;
  return {
    name: "silent-icons",
    apply: "build",
    transform(code, id) {
      if (!MAKERS.test(id) || !code.includes(MARK)) return undefined;
      silenced += 1;
      return { code: code.replace(MARK, '"aria-hidden": true'), map: null };
    },
    buildEnd(error) {
      if (!error && silenced === 0)
        this.error("the icons of Ant Design are not made as they used to be");
    },
  };
}
