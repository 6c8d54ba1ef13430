// Waits until the portal answers: node ready.mjs URL SECONDS
const [url, seconds] = process.argv.slice(2);
const deadline = Date.now() + Number(seconds) * 1000;
for (;;) {
  const answer = await fetch(url).catch((error) => error);
  if (answer.ok) process.exit(0);
  if (Date.now() > deadline) {
    console.error(`${url}: ${answer.status ?? answer.cause ?? answer}`);
    process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}
