// Whether a proof was signed before its station's key was withdrawn (rekam.documents.withdrawals.standing).

const parts = /^(\d{6}-\d{2})\/(\d{1,9})\/(\d{6,18})$/;

// The withdrawal of the key that signed proof `number`, and what it means: "before", "unproved" or "after"; null while
// that key is believed. `position`: of its entry in the log, null where the log has none.
export function standing(withdrawn, number, position) {
  const [, station, epoch, sequence] = parts.exec(number);
  const found = withdrawn.find((each) => each.station === station && each.epoch === Number(epoch));
  if (!found) return null;
  if (Number(sequence) > found.after) return { found, means: "after" };
  return { found, means: position !== null && position < found.log_size ? "before" : "unproved" };
}
