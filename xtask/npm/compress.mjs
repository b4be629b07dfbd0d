// Writes a .br and a .gz beside each text file of a folder: node compress.mjs FOLDER CACHE
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [folder, cache] = process.argv.slice(2);
const TEXT = /\.(html|js|css|svg|wasm|json|webmanifest)$/;

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
const gzip = (bytes) => gzipSync(bytes, { level: 9 });

mkdirSync(cache, { recursive: true });
for (const entry of readdirSync(folder, { recursive: true })) {
  if (!TEXT.test(entry)) continue;
  const path = join(folder, entry);
  const bytes = readFileSync(path);
  const hash = createHash("sha256").update(bytes).digest("hex");
  for (const [extension, compress] of [["br", brotli], ["gz", gzip]]) {
    const kept = join(cache, `${hash}.${extension}`);
    if (!existsSync(kept)) {
      writeFileSync(`${kept}.half`, compress(bytes));
      renameSync(`${kept}.half`, kept);
    }
    copyFileSync(kept, `${path}.${extension}`);
  }
}
