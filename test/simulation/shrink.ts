/** Says whether what is left still fails as the whole did. */
export type StillFails<Part> = (parts: readonly Part[]) => Promise<boolean>;

/**
 * The fewest parts that still fail, as far as leaving out stretches of ever half the length finds them: delta debugging
 * (Zeller and Hildebrandt, 2002), where each part may be left out by itself. `stillFails` is asked at most so many times.
 */
export async function shrink<Part>(
  whole: readonly Part[],
  stillFails: StillFails<Part>,
  triesMax = 150,
): Promise<readonly Part[]> {
  let left = whole;
  let tries = 0;
  for (let length = Math.ceil(left.length / 2); length >= 1 && tries < triesMax; ) {
    let isShorter = false;
    for (let start = 0; start < left.length && tries < triesMax; ) {
      const candidate = [...left.slice(0, start), ...left.slice(start + length)];
      tries += 1;
      if (await stillFails(candidate)) {
        left = candidate;
        isShorter = true;
      } else {
        start += length;
      }
    }
    if (length === 1 && !isShorter) break;
    length = length === 1 ? 1 : Math.ceil(length / 2);
  }
  return left;
}
