/** Characters of a text that a sentence shows. */
const SHOWN = 300;

/**
 * A text as a part of a sentence about a change: all of it, or its beginning and a
 * number that tells it from others with the same beginning. Acknowledgements speak
 * of sentences, so those that are alike must say the same.
 */
export function inShort(text: string): string {
  const characters = Array.from(text);
  return characters.length <= SHOWN
    ? text
    : `${characters.slice(0, SHOWN).join('')}… (${
        characters.length
      } characters, ${fingerprint(text)})`;
}

/**
 * FNV-1a of 64 bits, in hexadecimal digits. Texts that differ by accident have other
 * fingerprints; it keeps no secret and proves nothing.
 */
export function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index += 1) {
    const mixed = hash ^ BigInt(text.charCodeAt(index));
    hash = BigInt.asUintN(64, mixed * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
