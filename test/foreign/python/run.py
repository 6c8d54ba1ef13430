"""Runs the suite and ends with the line "N passed, N failed, N skipped".

    python run.py [PATTERN ...]     only tests whose id contains a pattern

The client is proprietary, and neither its code nor lines of it belong into logs: failures
show our own frames, and of foreign ones no more than that they exist.
"""

import importlib.metadata
import os
import sys
import threading
import traceback
import unittest
import warnings

import driven

HERE = os.path.dirname(os.path.abspath(__file__))


def describe(kind, value, tb):
    """The exception with the frames of this folder, without source of other packages."""
    lines = []
    foreign = 0
    for frame in traceback.extract_tb(tb, limit=None):
        if os.path.dirname(os.path.abspath(frame.filename)) == HERE:
            lines.append(f"{os.path.basename(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line}")
        else:
            foreign += 1
    if foreign:
        lines.append(f"({foreign} frames of other packages)")
    text = "\n".join(lines)
    while value is not None:
        # The package puts whole tracebacks into messages.
        text += f"\n{type(value).__name__}: {str(value).partition('Traceback (most recent call last)')[0]}"
        value = value.__cause__ or (None if value.__suppress_context__ else value.__context__)
    return "\n".join("      " + line for line in text.splitlines())


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1
        say(f"ok    {name(test)}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        say(f"skip  {name(test)}: {reason}")

    def addFailure(self, test, err):
        self.failures.append((test, ""))
        self.report(test, err)

    def addError(self, test, err):
        self.errors.append((test, ""))
        self.report(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.failures.append((subtest, ""))
            self.report(subtest, err)

    def report(self, test, err):
        say(f"FAIL  {name(test)}\n{describe(*err)}")


def name(test):
    return test.id().removeprefix("test_")


def say(line):
    print(line, flush=True)


def quiet_foreign_code():
    """Keeps warnings and stray exceptions from printing lines of other packages."""
    warnings.showwarning = lambda *args, **kwargs: None
    sys.excepthook = lambda kind, value, tb: say(describe(kind, value, tb))
    threading.excepthook = lambda args: say(describe(args.exc_type, args.exc_value, args.exc_traceback))


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def main(patterns):
    quiet_foreign_code()
    say(f"python {sys.version.split()[0]}, arcgis {importlib.metadata.version('arcgis')}")
    tests = [
        test
        for test in flatten(unittest.TestLoader().discover(HERE, pattern="test_*.py"))
        if not patterns or any(p in test.id() for p in patterns)
    ]
    result = Result()
    if not patterns:
        driven.watch()
        tests.append(unittest.FunctionTestCase(driven.every_member_is_driven))
    unittest.TestSuite(tests).run(result)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped) + len(result.expectedFailures)
    say(f"{result.passed} passed, {failed} failed, {skipped} skipped")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
