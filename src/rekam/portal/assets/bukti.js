// The page "Bukti perekaman": asks by the entry's code, then checks the answer here, step by step.

import { commitment, fromHex, readLink, toHex, verifyNote, verifyVouched } from "./log_proof.js";
import { standing } from "./withdrawn.js";

const page = document.querySelector("[data-log-key]");
const logKey = page.dataset.logKey;
const place = document.querySelector("#answer");
const days = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "Asia/Jakarta" });
const numbers = new Intl.NumberFormat(document.documentElement.lang);

function show(state, fills = {}) {
  place.replaceChildren(document.querySelector(`#${state}`).content.cloneNode(true));
  for (const [name, value] of Object.entries(fills)) {
    for (const element of place.querySelectorAll(`[data-fill="${name}"]`)) element.textContent = value;
    for (const element of place.querySelectorAll(`[data-known="${name}"]`)) element.hidden = !value;
  }
}

function tick(name, fills = {}) {
  const line = place.querySelector(`[data-check="${name}"]`);
  for (const [key, value] of Object.entries(fills)) line.querySelector(`[data-fill="${key}"]`).textContent = value;
  line.hidden = false;
  place.querySelector("[data-checks]").hidden = false;
}

const starts = (entry, code) => code.length !== 64 || toHex(entry) === code.toLowerCase();

async function check(found, code, ownWork) {
  if (!crypto.subtle) return tick("unsupported");
  const entry = fromHex(found.entry);
  try {
    if (!starts(entry, code)) throw new Error("another entry");
    const newest = await verifyVouched(entry, found.position, found.proof, logKey);
    if (ownWork) tick("commitment");
    tick("inclusion");
    await verifyNote(newest, logKey);
    tick("signature");
    const names = [];
    for (const vouched of found.witnesses) {
      const note = await verifyVouched(entry, found.position, vouched, logKey);
      await verifyNote(note, logKey);
      await verifyNote(note, vouched.key);
      names.push(vouched.name);
    }
    if (names.length) tick("witnesses", { names: names.join(", ") });
    place.querySelector("[data-verified]").hidden = false;
  } catch (error) {
    if (error.name === "NotSupportedError") return tick("unsupported");
    show("failed");
  }
}

// Says so where the proof's key was withdrawn. All withdrawals are fetched: which station is asked for stays here.
async function keyOf(number, position) {
  let said;
  try {
    const reply = await fetch("/keys.json", { headers: { accept: "application/json" } });
    const key = standing((await reply.json()).withdrawn, number, position);
    said = key && [`key-${key.means}`, key.found.at_ms];
  } catch {
    said = ["key-unknown", 0];
  }
  if (!said || place.querySelector(".banner-danger")) return;
  const banner = document.querySelector(`#${said[0]}`).content.cloneNode(true);
  for (const element of banner.querySelectorAll("[data-fill=day]")) element.textContent = days.format(said[1]);
  place.prepend(banner);
}

async function ask(code, { ownWork = false, number = "" } = {}) {
  let answer;
  try {
    const reply = await fetch(`/api/log/${code}`, { headers: { accept: "application/json" } });
    if (!reply.ok) throw new Error(reply.status);
    answer = await reply.json();
  } catch {
    return show("unreachable");
  }
  const [found] = answer.found;
  if (found) {
    show("found", { position: numbers.format(found.position) });
    await check(found, code, ownWork);
  } else show("missing", { station: number.split("/")[0] });
  if (number) await keyOf(number, found ? found.position : null);
}

async function fromLink() {
  const link = readLink(location.hash);
  if (!link) return show("unreadable");
  if (!crypto.subtle) return show("nocrypto");
  show("asking");
  return ask(toHex(await commitment(link)), { ownWork: true, number: link.number });
}

if (location.hash.length > 1) fromLink();
else if (place.dataset.code) ask(place.dataset.code);
addEventListener("hashchange", fromLink);
