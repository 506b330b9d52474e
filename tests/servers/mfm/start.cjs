// Misskey's parser on loopback, until standard input ends. Prints {"url": …} when it is ready. Runs
// in the folder in which the package is installed. Takes a note's text as JSON, and answers with
// its parts: [["text", "Hello "], ["hashtag", "Wood"], …]
"use strict";

const { createRequire } = require("node:module");
const http = require("node:http");
const path = require("node:path");

const mfm = createRequire(path.join(process.cwd(), "package.json"))("mfm-js");

function part({ type, props, children }) {
  const inner = type === "plain" ? children.map((child) => part(child)[1]).join("") : undefined;
  const said = props?.text ?? props?.emoji ?? props?.url ?? props?.hashtag ?? props?.acct;
  return [type, inner ?? said ?? ""];
}

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = JSON.parse(Buffer.concat(chunks).toString());
  response.end(JSON.stringify(mfm.parse(text).map(part)));
}

const server = http.createServer(answer).listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
});
process.stdin.resume().on("end", () => process.exit());
