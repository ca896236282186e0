import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import './style.css'
import './hovers.css'
import { showOnHover } from './hovers.ts'

export default {
  extends: DefaultTheme,
  enhanceApp: () => {
    if (!import.meta.env.SSR) showOnHover()
  },
} satisfies Theme
