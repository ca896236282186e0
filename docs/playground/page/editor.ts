// The editor: CodeMirror, with what the compiler says under a fault, at the pointer and behind the cursor.
import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, indentOnInput } from '@codemirror/language'
import { type Diagnostic, forEachDiagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint'
import { EditorState, StateEffect } from '@codemirror/state'
import { drawSelection, EditorView, hoverTooltip, keymap, lineNumbers } from '@codemirror/view'
import type { Compiler } from './compiler.ts'
import { look } from './look.ts'

export interface EditorHooks {
  /** The compiler, which is loaded when it is first asked for; undefined as long as nobody has needed it. */
  readonly compiler: () => Promise<Compiler> | undefined
  readonly onEdit: (text: string) => void
  /** The faults of the program, each as a sentence with its line. */
  readonly onFaults: (faults: readonly string[]) => void
  readonly onRun: () => void
}

/** The types of the data have changed, though the text has not. */
const recheck = StateEffect.define<null>()

const info = ({ type, doc }: { readonly type: string; readonly doc: string }): HTMLElement =>
  Object.assign(document.createElement('div'), {
    className: 'play-info',
    textContent: doc === '' ? type : `${type}\n\n${doc}`,
  })

const lint = ({ compiler, onFaults }: EditorHooks) =>
  linter(
    async (view) => {
      const { doc } = view.state
      const found = (await (await compiler())?.faults(doc.toString())) ?? []
      // The text may have changed while the compiler read it; it is then asked again.
      if (view.state.doc === doc)
        onFaults(found.map(({ from, message }) => `line ${doc.lineAt(from).number}: ${message}`))
      return found as Diagnostic[]
    },
    {
      delay: 250,
      needsRefresh: ({ transactions }) => transactions.some(({ effects }) => effects.some((e) => e.is(recheck))),
    },
  )

const isFaulty = (state: EditorState, at: number): boolean => {
  let found = false
  forEachDiagnostic(state, (_, from, to) => {
    found ||= from <= at && at <= to
  })
  return found
}

const hover = ({ compiler }: EditorHooks) =>
  hoverTooltip(async (view, at) => {
    // A fault has a tooltip of its own there.
    if (isFaulty(view.state, at)) return null
    const found = await (await compiler())?.info(view.state.doc.toString(), at)
    return found === undefined ? null : { pos: found.from, end: found.to, create: () => ({ dom: info(found) }) }
  })

const complete = ({ compiler }: EditorHooks) =>
  autocompletion({
    override: [
      async (context: CompletionContext) => {
        const word = context.matchBefore(/[\w$]+|\./)
        if (!context.explicit && word === null) return null
        const options = (await (await compiler())?.completions(context.state.doc.toString(), context.pos)) ?? []
        const from = word === null || word.text === '.' ? context.pos : word.from
        return { from, options: [...options], validFor: /^[\w$]*$/ }
      },
    ],
  })

export interface Editor {
  readonly text: () => string
  readonly put: (text: string) => void
  /** Asks the compiler anew, since the types of the data have changed. */
  readonly recheck: () => void
  readonly stop: () => void
}

export const startEditor = (parent: HTMLElement, doc: string, hooks: EditorHooks): Editor => {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        EditorView.lineWrapping,
        indentOnInput(),
        bracketMatching(),
        javascript({ typescript: true }),
        look,
        lintGutter(),
        lint(hooks),
        hover(hooks),
        complete(hooks),
        // Tab leaves the editor: it is no trap for those who have only a keyboard.
        keymap.of([
          {
            key: 'Mod-Enter',
            run: () => {
              hooks.onRun()
              return true
            },
          },
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...lintKeymap,
        ]),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) hooks.onEdit(state.doc.toString())
        }),
        EditorView.contentAttributes.of({ 'aria-label': 'Program', tabindex: '0' }),
      ],
    }),
  })
  const text = (): string => view.state.doc.toString()
  return {
    text,
    put: (insert) => {
      if (insert !== text()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } })
    },
    recheck: () => view.dispatch({ effects: recheck.of(null) }),
    stop: () => view.destroy(),
  }
}
