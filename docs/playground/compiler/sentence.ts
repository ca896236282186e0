// The library's types put a sentence where a type would stand; the compiler wraps whole types around it.
import ts from 'typescript'

const ownSentence = /"((?:takes|gives|the |'|its )[^"]+)"/

/** The library's own sentence if there is one, and otherwise what the compiler says. */
export const sentenceOf = (message: string | ts.DiagnosticMessageChain): string => {
  const whole = ts.flattenDiagnosticMessageText(message, '\n')
  return whole.match(/parameter of type '"(.+)"'\.?$/m)?.[1] ?? whole.match(ownSentence)?.[1] ?? whole
}
