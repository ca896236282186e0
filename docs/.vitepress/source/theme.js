// The theme that the reader has chosen on the other pages, or else that of the system.
const chosen = localStorage.getItem('vitepress-theme-appearance') ?? 'auto'
const dark = chosen === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
document.documentElement.classList.toggle('dark', dark)
