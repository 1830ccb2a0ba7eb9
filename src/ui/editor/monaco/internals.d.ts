/** Parts of Monaco that its own types leave out. */
declare module 'monaco-editor/editor/browser/config/fontMeasurements' {
  /** Measures a font once; whoever asks again gets the same figures. */
  export const FontMeasurements: { readFontInfo(window: Window, font: unknown): unknown }
}
declare module 'monaco-editor/editor/common/config/fontInfoFromSettings' {
  /** What is to be measured of an editor with these options. */
  export function createBareFontInfoFromRawSettings(options: object, pixelRatio: number): unknown
}
declare module 'monaco-editor/base/browser/pixelRatio' {
  export const PixelRatio: { getInstance(window: Window): { readonly value: number } }
}
