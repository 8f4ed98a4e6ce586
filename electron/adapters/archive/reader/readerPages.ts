/**
 * The pages of an archive, for people without Godwit: one file each, opened from the disk, that loads nothing but the
 * pictures beside it.
 *
 * Promises: the policy in the page lets its own script and style run, by their digests, and nothing else; what people
 * wrote is in the page only as JSON in blocks that no browser runs, with every `<` escaped. Must never put a text into
 * the markup.
 */
import { createHash } from 'node:crypto'
import type { ReaderPages } from '#electron/core/archive/ports.ts'
import script from './page.js?raw'
import { pageStyle as style } from './pageStyle.ts'

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export function createReaderPages(): ReaderPages {
  const policy = [
    `default-src 'none'`,
    `script-src ${digest(script)}`,
    `style-src ${digest(style)}`,
    // A page from the disk has no origin of its own: only the scheme names its neighbours.
    `img-src file:`,
    `media-src file:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ')
  return {
    head:
      `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
      `<meta http-equiv="Content-Security-Policy" content="${policy}">\n` +
      `<meta name="viewport" content="width=device-width, initial-scale=1">\n` +
      `<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n` +
      `<title>Godwit</title>\n<style>${style}</style>\n</head>\n<body>\n` +
      `<noscript><p>This page needs its own script to show the messages. 此页面需要启用脚本才能显示消息。</p></noscript>\n`,
    tail: `<script>${script}</script>\n</body>\n</html>\n`,
    block: (part, value) =>
      `<script type="application/json" data-part="${part}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>\n`,
  }
}
