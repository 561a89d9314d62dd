// Proofs of the public log, checked in the browser: RFC 9162 inclusion, C2SP signed notes and cosignatures.
// Everything here is computed from what it is given; nothing is sent anywhere.

const text = new TextEncoder();
const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const same = (a, b) => a.length === b.length && a.every((value, at) => value === b[at]);

export const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const toHex = (bytes) => [...bytes].map((value) => value.toString(16).padStart(2, "0")).join("");
export const fromBase64Url = (coded) => bytesOf(coded.replace(/-/g, "+").replace(/_/g, "/"));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

// The link on the proof: #317401-01/1/000042/<id>/<salt>, id and salt in base64url. Null when it is none.
export function readLink(fragment) {
  const found = /^#?(\d{6}-\d{2}\/\d{1,9}\/\d{6,18})\/([\w-]{43})\/([\w-]{22})$/.exec(fragment);
  return found && { number: found[1], id: fromBase64Url(found[2]), salt: fromBase64Url(found[3]) };
}

// The entry that stands for a packet (rekam.trust.log.proof.commitment).
export const commitment = ({ number, id, salt }) =>
  sha256(joined(text.encode("rekam/log-entry/1\0"), salt, id, text.encode(number)));

// Throws unless `entry` stands at `position` under the root of `size` entries (RFC 9162 section 2.1.3.2).
export async function verifyInclusion(entry, position, size, path, root) {
  if (!(Number.isSafeInteger(position) && Number.isSafeInteger(size) && position >= 0 && position < size)) {
    throw new Error("position");
  }
  let [at, last] = [position, size - 1];
  let found = await sha256(joined(Uint8Array.of(0), entry));
  const up = () => ([at, last] = [Math.floor(at / 2), Math.floor(last / 2)]);
  for (const sibling of path) {
    if (last === 0) throw new Error("path too long");
    const onTheLeft = at % 2 === 1 || at === last;
    found = await sha256(onTheLeft ? joined(Uint8Array.of(1), sibling, found) : joined(Uint8Array.of(1), found, sibling));
    while (onTheLeft && at % 2 === 0 && at) up();
    up();
  }
  if (last !== 0) throw new Error("path too short");
  if (!same(found, root)) throw new Error("root");
}

// name+id+base64(kind, key), as tools of other logs write it.
export function readKey(vkey) {
  const [, name, id, coded] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
  const [kind, ...key] = bytesOf(coded);
  return { name, id: fromHex(id), kind, key: Uint8Array.from(key) };
}

// A checkpoint note: three lines, a blank one, signatures.
export function readNote(note) {
  const cut = note.lastIndexOf("\n\n");
  const body = note.slice(0, cut + 1);
  const lines = body.split("\n");
  if (cut < 0 || lines.length !== 4 || !/^(0|[1-9]\d*)$/.test(lines[1])) throw new Error("note");
  const signatures = note.slice(cut + 2).trimEnd().split("\n").map((line) => {
    const [, name, coded] = /^\u2014 (\S+) (\S+)$/.exec(line);
    const value = bytesOf(coded);
    return { name, id: value.slice(0, 4), value: value.slice(4) };
  });
  return { body, origin: lines[0], size: Number(lines[1]), root: bytesOf(lines[2]), signatures };
}

// Throws unless the key signed the note; NotSupportedError where the browser has no Ed25519.
export async function verifyNote(note, vkey) {
  const signer = readKey(vkey);
  const key = await crypto.subtle.importKey("raw", signer.key, "Ed25519", false, ["verify"]);
  const own = note.signatures.find((each) => each.name === signer.name && same(each.id, signer.id));
  if (!own) throw new Error("not signed by " + signer.name);
  let [value, said] = [own.value, note.body];
  if (signer.kind === 4) {
    const time = new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0);
    [value, said] = [value.slice(8), `cosignature/v1\ntime ${time}\n${note.body}`];
  }
  if (!(await crypto.subtle.verify("Ed25519", key, value, text.encode(said)))) throw new Error("signature");
}

// Throws unless `vouched` ({note, path}) shows `entry` at `position`, in a checkpoint of the log that `logKey` names.
export async function verifyVouched(entry, position, vouched, logKey) {
  const note = readNote(vouched.note);
  if (note.origin !== readKey(logKey).name) throw new Error("another log");
  await verifyInclusion(entry, position, note.size, vouched.path.map(bytesOf), note.root);
  return note;
}
