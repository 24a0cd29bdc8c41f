/** Creates the id of documents that are created together. */

/** Returns a random UUID; `crypto.randomUUID` exists over https only. */
export function newBatch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`]
    .concat(hex.slice(20))
    .join('-');
}
