// Loaded before a program that would listen to every interface of the machine: it listens to this
// machine alone.
"use strict";

const net = require("node:net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (where, ...rest) {
  const port = where !== null && typeof where === "object" ? where.port : Number(where ?? 0);
  if (!Number.isInteger(port)) return listen.call(this, where, ...rest);
  const done = rest.filter((value) => typeof value === "function");
  return listen.call(this, { port, host: "127.0.0.1" }, ...done);
};
