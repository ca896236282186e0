/** Shows the type of the name below the pointer, in the layer above the page, where no block cuts it off. */
export const showOnHover = (): void => {
  let shown: HTMLElement | undefined
  const hide = (): void => {
    shown?.hidePopover()
    shown = undefined
  }
  document.addEventListener('pointerover', ({ target }) => {
    const name = target instanceof Element ? target.closest('.typed') : null
    const type = name?.querySelector<HTMLElement>('.type') ?? undefined
    if (type === shown) return
    hide()
    if (name === null || type?.showPopover === undefined) return
    type.popover = 'manual'
    type.showPopover()
    shown = type
    const { left, top, bottom } = name.getBoundingClientRect()
    const { width, height } = type.getBoundingClientRect()
    type.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`
    type.style.top = `${Math.max(8, bottom + height > window.innerHeight ? top - height : bottom)}px`
  })
  document.addEventListener('scroll', ({ target }) => target !== shown && hide(), { capture: true, passive: true })
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && hide())
}
