// Screenshots stay where they were dropped: in this browser's own database.

const databaseName = 'clickwatch'
const storeName = 'screenshots'

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The browser keeps nothing here.'))
  })

const open = (): Promise<IDBDatabase> => {
  const request = indexedDB.open(databaseName, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(storeName)
  return settled(request)
}

const inStore = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
  const database = await open()
  try {
    return await settled(act(database.transaction(storeName, mode).objectStore(storeName)))
  } finally {
    database.close()
  }
}

/** What a screenshot is kept under. */
export const screenshotKey = (site: string, page: string, device: string): string => `${site} ${device} ${page}`

export const storedScreenshot = (key: string): Promise<Blob | undefined> =>
  inStore<Blob | undefined>('readonly', (store) => store.get(key))
export const storeScreenshot = async (key: string, picture: Blob): Promise<void> =>
  void (await inStore('readwrite', (store) => store.put(picture, key)))
export const forgetScreenshot = async (key: string): Promise<void> =>
  void (await inStore('readwrite', (store) => store.delete(key)))
