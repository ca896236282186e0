// How the editor looks. All colors are variables of the style sheet, so dark and light need no second theme.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: 'var(--play-keyword)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--play-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--play-number)' },
  { tag: tags.comment, color: 'var(--play-comment)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--play-function)' },
  { tag: [tags.typeName, tags.className], color: 'var(--play-type)' },
])

const theme = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--vp-c-text-1)' },
  '&.cm-focused': { outline: '2px solid var(--vp-c-brand-1)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--vp-font-family-mono)', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--vp-c-text-3)', border: 'none' },
  '.cm-content': { caretColor: 'var(--vp-c-text-1)', padding: '8px 0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-cursor': { borderLeftColor: 'var(--vp-c-text-1)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--vp-c-danger-1) 1.5px',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--vp-c-bg-elv)',
    border: '1px solid var(--vp-c-divider)',
    borderRadius: '6px',
    boxShadow: 'var(--vp-shadow-2)',
    maxWidth: 'min(42rem, 90vw)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--play-action)', color: '#fff' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', fontFamily: 'var(--vp-font-family-base)', padding: '6px 10px' },
  '.play-info': {
    padding: '6px 10px',
    whiteSpace: 'pre-wrap',
    fontFamily: 'var(--vp-font-family-mono)',
    fontSize: '12px',
    maxHeight: '16rem',
    overflow: 'auto',
  },
})

export const look = [theme, syntaxHighlighting(colors)]
