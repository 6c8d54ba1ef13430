// A reporter for node:test that counts single tests, prints failures in full, and
// leaves its counts as the last line: "N passed, N failed, N skipped".
export default async function* reporter(source) {
  let passed = 0;
  let failed = 0;
  const skipped = [];
  for await (const { type, data } of source) {
    if (type === "test:stderr" || type === "test:stdout") {
      // The client warns of an option that it uses itself.
      if (!data.message.startsWith("rawResponse option is deprecated")) yield data.message;
      continue;
    }
    if (type !== "test:pass" && type !== "test:fail") continue;
    // Older runners report the file around its tests as one more, failed when they failed.
    if (isFile(data)) continue;
    if (data.skip !== undefined || data.todo !== undefined) {
      skipped.push(data.name);
      yield `skip  ${data.name}${typeof data.skip === "string" && data.skip ? `: ${data.skip}` : ""}\n`;
    } else if (type === "test:pass") {
      passed++;
      yield `ok    ${data.name}\n`;
    } else {
      failed++;
      yield `FAIL  ${data.name}\n${indent(describe(data.details?.error))}\n`;
    }
  }
  yield `${passed} passed, ${failed} failed, ${skipped.length} skipped\n`;
}

function isFile(data) {
  const cause = data.details?.error?.failureType;
  return /\.test\.mjs$/.test(data.name) && (data.details?.error === undefined || cause === "subtestsFailed");
}

function describe(error) {
  if (!error) return "no error was given";
  const cause = error.cause ?? error;
  return String(cause.stack ?? cause.message ?? cause);
}

function indent(text) {
  return text.split("\n").map((line) => `      ${line}`).join("\n");
}
