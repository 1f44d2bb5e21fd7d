import { LocalStorage } from '../src/storage/local.ts'
/** Folders on disk by their names, gone when the tests of a file are done. */
export declare const localPlaces: () => (name: string) => LocalStorage
