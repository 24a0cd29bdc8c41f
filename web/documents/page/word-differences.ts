/** Compares two texts word by word. Pure. */

/** A piece of a text; `isChanged` if the other text does not have it. */
export interface TextPiece {
  readonly text: string;
  readonly isChanged: boolean;
}

/** Both texts as pieces that join to the whole text. */
export interface TextComparison {
  readonly before: readonly TextPiece[];
  readonly after: readonly TextPiece[];
}

/** More words on both sides are not compared, since the time grows with the product of their numbers. */
const maxWords = 1_500;

/** Marks the words that only one of the texts has, by their longest common subsequence. */
export function compareWords(before: string, after: string): TextComparison {
  const [old, now] = [toWords(before), toWords(after)];
  if (old.length > maxWords || now.length > maxWords) {
    return { before: toPieces(old, new Set()), after: toPieces(now, new Set()) };
  }
  const { keptBefore, keptAfter } = findCommonWords(old, now);
  return { before: toPieces(old, keptBefore), after: toPieces(now, keptAfter) };
}

/** Each word with the white space that follows it. */
const toWords = (text: string): readonly string[] => text.match(/\S+\s*|^\s+/g) ?? [];

/** Returns the places of the words in a longest common subsequence, in each text. */
function findCommonWords(old: readonly string[], now: readonly string[]) {
  const [a, b] = [old.map((word) => word.trim()), now.map((word) => word.trim())];
  const width = b.length + 1;
  // lengths[i * width + j]: length of the longest common subsequence of a[i…] and b[j…].
  const lengths = new Uint16Array((a.length + 1) * width);
  const lengthAt = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengthAt(i + 1, j + 1) + 1
          : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const [keptBefore, keptAfter] = [new Set<number>(), new Set<number>()];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      keptBefore.add(i++);
      keptAfter.add(j++);
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i++;
    else j++;
  }
  return { keptBefore, keptAfter };
}

/** Joins neighboring words that are alike changed or kept. */
function toPieces(words: readonly string[], kept: ReadonlySet<number>): readonly TextPiece[] {
  const pieces: { text: string; isChanged: boolean }[] = [];
  for (const [index, text] of words.entries()) {
    const isChanged = !kept.has(index);
    const last = pieces.at(-1);
    if (last?.isChanged === isChanged) last.text += text;
    else pieces.push({ text, isChanged });
  }
  return pieces;
}
