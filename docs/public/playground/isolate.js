// Threads need a cross-origin isolated page, which takes two headers. Where the host cannot send them, a service worker
// adds them; it also keeps what has been loaded, so that the page works offline. This one file is both the page's
// script, which registers it and loads the page once more, and the worker itself.
const kept = 'playground'

const isolated = (response) => {
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  headers.set('cross-origin-opener-policy', 'same-origin')
  headers.set('cross-origin-embedder-policy', 'require-corp')
  headers.set('cross-origin-resource-policy', 'same-origin')
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}

/** From the network, and from what was kept where there is none. The query and the hash make no other file. */
const answer = async (request) => {
  const cache = await caches.open(kept)
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(request, response.clone())
    return isolated(response)
  } catch (e) {
    const found = await cache.match(request, { ignoreSearch: true })
    if (found === undefined) throw e
    return isolated(found)
  }
}

const asWorker = () => {
  addEventListener('install', () => skipWaiting())
  addEventListener('activate', (event) => event.waitUntil(clients.claim()))
  addEventListener('fetch', (event) => {
    const { request } = event
    const isOurs = new URL(request.url).origin === location.origin && request.method === 'GET'
    if (isOurs && (request.cache !== 'only-if-cached' || request.mode === 'same-origin'))
      event.respondWith(answer(request))
  })
}

/** Loads again what this page was made of before the worker was there to keep it. */
const keepAll = () => {
  const urls = performance.getEntriesByType('resource').map(({ name }) => name)
  for (const url of new Set([location.href, ...urls]))
    if (url.startsWith(location.origin)) fetch(url).catch(() => undefined)
}

const asPage = async () => {
  const script = document.currentScript.src
  await navigator.serviceWorker.register(script)
  await navigator.serviceWorker.ready
  const tried = 'playground-isolated'
  if (crossOriginIsolated) sessionStorage.removeItem(tried)
  else if (sessionStorage.getItem(tried) === null) {
    // Once only: a browser that refuses would load the page without end.
    sessionStorage.setItem(tried, 'yes')
    location.reload()
  }
  if (navigator.serviceWorker.controller === null) {
    navigator.serviceWorker.addEventListener('controllerchange', keepAll, { once: true })
  }
}

if (typeof document === 'undefined') asWorker()
else if (isSecureContext && 'serviceWorker' in navigator) asPage().catch(() => undefined) // without workers or storage, the page has one thread and needs the network
