import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

type Limit = {
  /** The entry's name in the build's input. */
  entry: string;
  /** Bytes of all its scripts together, compressed with gzip. */
  bytes: number;
};

/** Fails the build when an entry's scripts, with all they may load later, are too heavy. */
export function budget({ entry, bytes }: Limit): Plugin {
  return {
    name: "budget",
    apply: "build",
    generateBundle(_options, bundle) {
      const scripts = Object.values(bundle).filter(file => file.type === "chunk");
      const named = new Map(scripts.map(script => [script.fileName, script]));
      const reached = new Set(scripts.filter(({ isEntry, name }) => isEntry && name === entry));
      if (reached.size === 0) this.error(`the build has no entry ${entry}`);
      // A set that grows while it is walked is walked to its end.
      for (const { imports, dynamicImports } of reached) {
        for (const name of [...imports, ...dynamicImports]) {
          const script = named.get(name);
          if (script) reached.add(script);
        }
      }
      const size = [...reached].reduce((all, { code }) => all + gzipSync(code).length, 0);
      const said = `${entry}: ${(size / 1000).toFixed(1)} of ${bytes / 1000} kB compressed script`;
      if (size > bytes) this.error(said);
      this.info(said);
    },
  };
}
