// peer.mjs FOLDER: liquidjs, as FOLDER/node_modules has it, on the prompt that `times FOLDER` wrote there.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const { Liquid } = createRequire(join(folder, "/"))("liquidjs");
const read = (name) => readFileSync(join(folder, name), "utf8");
const source = read("prompt.liquid");
const values = JSON.parse(read("values.json"));
const engine = new Liquid();
const template = engine.parse(source);
if (engine.renderSync(template, values) !== read("expected.txt")) {
  console.error("liquidjs gives another text than Anvil");
  process.exit(1);
}

// The minimum of 200 batches of 2 ms or more each, after one second of warming up.
function best(work) {
  let times = 1;
  const batch = () => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) work();
    return Number(process.hrtime.bigint() - start);
  };
  for (let spent = 0; spent < 1e9; ) {
    const took = batch();
    spent += took;
    if (took < 2e6) times *= 2;
  }
  let best = Infinity;
  for (let i = 0; i < 200; i++) best = Math.min(best, batch());
  return best / times;
}

for (const [what, work] of [
  ["parse", () => engine.parse(source)],
  ["render", () => engine.renderSync(template, values)],
]) {
  console.log(`${what}\tliquidjs\t${best(work).toFixed(1)}`);
}
