// Settings as a short text for the hash of an address: JSON, compressed, in the letters of base64 that addresses allow.
import { parseSettings, type Settings } from './settings.ts'

const through = async (bytes: Uint8Array<ArrayBuffer>, stream: TransformStream): Promise<Uint8Array> =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer())

const toLetters = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

const fromLetters = (letters: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

/** The letters of a link that browsers, mail and chats let through. */
export const longestLink = 16_000

/** The hash for some settings, without its #. */
export const linkOf = async (settings: Settings): Promise<string> =>
  toLetters(await through(new TextEncoder().encode(JSON.stringify(settings)), new CompressionStream('deflate-raw')))

/** The settings in a hash; undefined if it holds none. */
export const settingsOf = async (hash: string): Promise<Settings | undefined> => {
  if (hash === '') return undefined
  try {
    const bytes = await through(fromLetters(hash), new DecompressionStream('deflate-raw'))
    return parseSettings(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
