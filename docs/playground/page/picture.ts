// A picture on a canvas that is drawn anew when what it shows or its size has changed: once a frame at most, and once a
// second for readers who want little motion.
import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue'

const calm = 1000

export const usePicture = (
  canvas: Ref<HTMLCanvasElement | undefined>,
  shown: () => unknown,
  draw: (on: HTMLCanvasElement) => void,
): void => {
  let [frame, timer, last] = [0, 0, Number.NEGATIVE_INFINITY]
  let isCalm = false
  let observer: ResizeObserver | undefined
  const paint = (): void => {
    frame = 0
    last = performance.now()
    if (canvas.value !== undefined) draw(canvas.value)
  }
  const soon = (): void => {
    timer = 0
    if (frame === 0) frame = requestAnimationFrame(paint)
  }
  const due = (): void => {
    const wait = isCalm ? last + calm - performance.now() : 0
    if (wait <= 0) soon()
    else if (timer === 0) timer = window.setTimeout(soon, wait)
  }
  watch(shown, due, { flush: 'post' })
  onMounted(() => {
    isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    observer = new ResizeObserver(soon)
    if (canvas.value !== undefined) observer.observe(canvas.value)
    soon()
  })
  onBeforeUnmount(() => {
    observer?.disconnect()
    clearTimeout(timer)
    cancelAnimationFrame(frame)
  })
}
