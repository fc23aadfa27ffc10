import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with the line that the test runner of Rust ends with; `cargo xtask test` adds them up. */
export default class ResultLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap(module => [...module.children.allTests()]);
    const count = (state: string) => tests.filter(test => test.result().state === state).length;
    const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
    const word = failed > 0 ? "FAILED" : "ok";
    process.stdout.write(
      `test result: ${word}. ${passed} passed; ${failed} failed; ${skipped} ignored\n`,
    );
  }
}
