import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Writes a `.br` and a `.gz` beside every text file, so that the server only has to send them. */
export function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const names = await readdir(folder, { recursive: true });
      const texts = names.filter(name => /\.(js|css|html|svg|webmanifest)$/.test(name));
      await Promise.all(texts.map(name => shrink(path.join(folder, name))));
    },
  };
}

async function shrink(file: string) {
  const body = await readFile(file);
  if (body.length < 1024) return;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  await writeFile(`${file}.br`, await brotli(body, { params: quality }));
  await writeFile(`${file}.gz`, await zip(body, { level: 9 }));
}
