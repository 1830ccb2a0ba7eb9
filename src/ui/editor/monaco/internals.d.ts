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
declare module 'monaco-editor/editor/standalone/common/standaloneTheme' {
  interface ThemeService {
    /** Adds the style sheet of the theme to the page, once. */
    registerEditorContainer(element: HTMLElement): unknown
  }
  export const IStandaloneThemeService: { readonly service?: ThemeService }
}
declare module 'monaco-editor/platform/contextview/browser/contextView' {
  export const IContextViewService: { readonly service?: unknown }
}
declare module 'monaco-editor/editor/standalone/browser/standaloneServices' {
  export const StandaloneServices: { get<Service>(id: { readonly service?: Service }): Service }
}
