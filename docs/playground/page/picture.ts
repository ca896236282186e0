// A picture on a canvas that is drawn anew, once a frame at most, when what it shows or its size has changed.
import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue'

export const usePicture = (
  canvas: Ref<HTMLCanvasElement | undefined>,
  shown: () => unknown,
  draw: (on: HTMLCanvasElement) => void,
): void => {
  let frame = 0
  let observer: ResizeObserver | undefined
  const paint = (): void => {
    frame = 0
    if (canvas.value !== undefined) draw(canvas.value)
  }
  const due = (): void => {
    if (frame === 0) frame = requestAnimationFrame(paint)
  }
  watch(shown, due, { flush: 'post' })
  onMounted(() => {
    observer = new ResizeObserver(due)
    if (canvas.value !== undefined) observer.observe(canvas.value)
    due()
  })
  onBeforeUnmount(() => {
    observer?.disconnect()
    cancelAnimationFrame(frame)
  })
}
