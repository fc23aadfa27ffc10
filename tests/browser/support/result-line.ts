import type { FullConfig, Reporter, Suite } from "@playwright/test/reporter";

/** Ends a run with the line that the test runner of Rust ends with; `cargo xtask test` adds them up. */
export default class ResultLine implements Reporter {
  private all: Suite | undefined;

  onBegin(_config: FullConfig, suite: Suite) {
    this.all = suite;
  }

  onEnd() {
    const outcomes = (this.all?.allTests() ?? []).map(test => test.outcome());
    const count = (...wanted: string[]) => outcomes.filter(one => wanted.includes(one)).length;
    const failed = count("unexpected", "flaky");
    const [passed, skipped] = [count("expected"), count("skipped")];
    const word = failed > 0 ? "FAILED" : "ok";
    process.stdout.write(
      `test result: ${word}. ${passed} passed; ${failed} failed; ${skipped} ignored\n`,
    );
  }

  printsToStdio() {
    return false;
  }
}
