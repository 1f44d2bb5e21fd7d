import { useEffect, useState } from 'react'
import { forgetScreenshot, storedScreenshot, storeScreenshot } from './screenshots.ts'

export type Screenshot = {
  picture: ImageBitmap | undefined
  isBad: boolean
  take: (file: Blob) => Promise<void>
  forget: () => Promise<void>
}

/** The screenshot that was dropped for a page, if any. */
export const useScreenshot = (key: string): Screenshot => {
  const [picture, setPicture] = useState<ImageBitmap>()
  const [isBad, setIsBad] = useState(false)
  useEffect(() => {
    let isCurrent = true
    setPicture(undefined)
    setIsBad(false)
    storedScreenshot(key)
      .then((stored) => stored && createImageBitmap(stored))
      .then((read) => {
        if (isCurrent) setPicture(read)
      })
      .catch(() => {
        if (isCurrent) setIsBad(true)
      })
    return () => {
      isCurrent = false
    }
  }, [key])
  return {
    picture,
    isBad,
    async take(file) {
      try {
        const read = await createImageBitmap(file)
        setPicture(read)
        setIsBad(false)
        await storeScreenshot(key, file)
      } catch {
        setIsBad(true)
      }
    },
    async forget() {
      await forgetScreenshot(key)
      setPicture(undefined)
    },
  }
}
