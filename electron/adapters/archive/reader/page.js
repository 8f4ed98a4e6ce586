/*
 * Shows an archive: the list of its conversations, or one of them. What people wrote comes from blocks of JSON and goes
 * into the page as text, never as markup. Of a long conversation only the part that is looked at is in the page.
 */
;(() => {
  'use strict'
  const shownChunks = 3
  const mostHits = 200
  const searchedAtOnce = 8

  const texts = {
    en: {
      archiveOf: (name) => `Chats of ${name}`,
      written: (time, server) => `Written on ${time}, from ${server}`,
      chats: 'Chats',
      messages: (n) => (n === 1 ? '1 message' : `${number(n)} messages`),
      empty: 'There is nothing here.',
      all: 'All chats',
      log: 'Messages',
      search: 'Search',
      searching: 'Searching…',
      hits: (n, more) =>
        n === 0 ? 'Nothing found.' : n === 1 ? '1 message found.' : `${n}${more ? '+' : ''} messages found.`,
      day: 'Go to',
      edited: 'edited',
      recalled: 'Message recalled',
      pinned: 'pinned',
      unsent: 'never sent',
      media: (path) => `In this archive: ${path}`,
      missing: 'Not in this archive',
      kinds: {
        image: 'Picture',
        video: 'Video',
        voice: 'Voice message',
        file: 'File',
        location: 'Place',
        card: 'Contact',
        unsupported: 'Message of an unknown kind',
      },
      events: {
        'member.joined': (user) => `${user} joined`,
        'member.left': (user) => `${user} left`,
        'member.removed': (user, by) => (by ? `${by} removed ${user}` : `${user} was removed`),
        'member.role': (user, by, detail) => `${user} is now ${detail}`,
        'group.created': (user, by) => (by ? `${by} created the group` : 'The group was created'),
        'group.renamed': (user, by, detail) => `The group is now called ${detail}`,
        'group.dismissed': () => 'The group was dismissed',
      },
    },
    zh: {
      archiveOf: (name) => `${name} 的聊天记录`,
      written: (time, server) => `${time} 导出自 ${server}`,
      chats: '会话',
      messages: (n) => `${number(n)} 条消息`,
      empty: '这里没有内容。',
      all: '全部会话',
      log: '消息',
      search: '搜索',
      searching: '正在搜索…',
      hits: (n, more) => (n === 0 ? '没有找到。' : `找到 ${n}${more ? '+' : ''} 条消息。`),
      day: '跳转到',
      edited: '已编辑',
      recalled: '消息已撤回',
      pinned: '已置顶',
      unsent: '未发送',
      media: (path) => `在此存档中：${path}`,
      missing: '不在此存档中',
      kinds: {
        image: '图片',
        video: '视频',
        voice: '语音消息',
        file: '文件',
        location: '位置',
        card: '名片',
        unsupported: '未知类型的消息',
      },
      events: {
        'member.joined': (user) => `${user} 加入了群`,
        'member.left': (user) => `${user} 退出了群`,
        'member.removed': (user, by) => (by ? `${by} 将 ${user} 移出了群` : `${user} 被移出了群`),
        'member.role': (user, by, detail) => `${user} 的角色变为 ${detail}`,
        'group.created': (user, by) => (by ? `${by} 创建了群` : '群已创建'),
        'group.renamed': (user, by, detail) => `群名改为“${detail}”`,
        'group.dismissed': () => '群已解散',
      },
    },
  }
  const isChinese = /^zh/i.test(navigator.language)
  const locale = isChinese ? 'zh-CN' : navigator.language.startsWith('en') ? navigator.language : 'en'
  const t = isChinese ? texts.zh : texts.en
  document.documentElement.lang = isChinese ? 'zh-CN' : 'en'
  const dayFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'full' })
  const timeFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const momentFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  function number(n) {
    return n.toLocaleString(locale)
  }
  const format = (formatter, at) => (Math.abs(at) <= 8.64e15 ? formatter.format(at) : '')

  const blocks = (part) => [...document.querySelectorAll(`script[data-part="${part}"]`)]
  const read = (block) => JSON.parse(block.textContent)

  function make(tag, facts = {}, ...children) {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(facts)) {
      if (name === 'class') element.className = value
      else if (name === 'text') element.textContent = value
      else element.setAttribute(name, value)
    }
    element.append(...children.filter((child) => child !== null))
    return element
  }
  /** A name or words of a person: their direction stays inside. */
  const said = (tag, text) => make(tag, { dir: 'auto', text })
  const hrefOf = (path) => path.split('/').map(encodeURIComponent).join('/')

  const [index] = blocks('index')
  if (index !== undefined) return showIndex(read(index))
  const [conversation] = blocks('conversation')
  const [end] = blocks('end')
  if (conversation !== undefined && end !== undefined)
    showConversation(read(conversation), read(end), blocks('messages'))

  function showIndex({ owner, server, written, conversations }) {
    document.title = t.archiveOf(owner)
    const list = make('ul', { class: 'chats' })
    for (const { name, page, messages } of conversations) {
      list.append(
        make(
          'li',
          {},
          make('a', { href: hrefOf(page) }, said('b', name), make('span', { text: t.messages(messages) })),
        ),
      )
    }
    document.body.append(
      make(
        'header',
        {},
        make('div', {}, said('h1', t.archiveOf(owner)), said('p', t.written(format(momentFormat, written), server))),
      ),
      make('main', { 'aria-label': t.chats }, conversations.length === 0 ? make('p', { text: t.empty }) : list),
    )
  }

  function showConversation({ name }, { people, chunks }, stored) {
    const names = new Map(people)
    const nameOf = (userId) => names.get(userId) ?? userId
    const total = chunks.reduce((sum, { count }) => sum + count, 0)
    document.title = name

    const log = make('main', { role: 'log', 'aria-label': t.log, tabindex: '0' })
    const query = make('input', { type: 'search', 'aria-label': t.search, placeholder: t.search })
    const form = make('form', { role: 'search' }, query, make('button', { type: 'submit', text: t.search }))
    const day = make('input', { type: 'date', 'aria-label': t.day })
    const results = make('section', { class: 'results', 'aria-label': t.search, hidden: '' })
    const summary = make('p', { role: 'status' })
    const hits = make('ul')
    results.append(summary, hits)
    const back = make('a', { href: '../index.html', text: t.all })
    document.body.append(
      make(
        'header',
        {},
        make('div', {}, said('h1', name), make('p', {}, back, ` · ${t.messages(total)}`)),
        make('label', { class: 'days' }, t.day, day),
        form,
      ),
      results,
      log,
    )
    if (chunks.length === 0) {
      log.append(make('p', { text: t.empty }))
      return
    }
    day.min = dayOf(Math.min(...chunks.map((chunk) => chunk.from)))
    day.max = dayOf(Math.max(...chunks.map((chunk) => chunk.to)))

    /** Chunks in the page: first and last. */
    let first = 0
    let last = -1
    const parts = new Map()

    function partOf(chunk) {
      const part = make('div', { 'data-chunk': String(chunk) })
      let before = ''
      for (const message of read(stored[chunk])) {
        const today = format(dayFormat, message.at)
        if (today !== before) part.append(make('h2', { text: today }))
        before = today
        part.append(articleOf(message))
      }
      parts.set(chunk, part)
      return part
    }
    function drop(chunk) {
      parts.get(chunk)?.remove()
      parts.delete(chunk)
    }
    function open(chunk) {
      for (const known of [...parts.keys()]) drop(known)
      first = last = chunk
      log.append(partOf(chunk))
      if (chunk > 0) addBefore()
      if (chunk < stored.length - 1) addAfter()
    }
    /** What is looked at stays where it is. */
    function addBefore() {
      const from = log.scrollHeight - log.scrollTop
      log.prepend(partOf(--first))
      log.scrollTop = log.scrollHeight - from
      while (last - first >= shownChunks) drop(last--)
    }
    function addAfter() {
      log.append(partOf(++last))
      while (last - first >= shownChunks) {
        const before = log.scrollHeight
        drop(first++)
        log.scrollTop -= before - log.scrollHeight
      }
    }
    let waiting = false
    log.addEventListener('scroll', () => {
      if (waiting) return
      waiting = true
      requestAnimationFrame(() => {
        waiting = false
        const near = log.clientHeight
        if (log.scrollTop < near && first > 0) addBefore()
        else if (log.scrollHeight - log.scrollTop - log.clientHeight < near && last < stored.length - 1) addAfter()
      })
    })

    function goTo(chunk, id) {
      open(chunk)
      const article = log.querySelector(`article[data-message-id="${id}"]`)
      for (const marked of log.querySelectorAll('.found')) marked.classList.remove('found')
      article?.classList.add('found')
      article?.scrollIntoView({ block: 'center' })
      article?.focus({ preventScroll: true })
    }
    function goToDay() {
      const at = new Date(`${day.value}T00:00`).getTime()
      if (Number.isNaN(at)) return
      let chunk = chunks.findIndex(({ to }) => to >= at)
      if (chunk < 0) chunk = chunks.length - 1
      const messages = read(stored[chunk])
      const message = messages.find((one) => one.at >= at) ?? messages.at(-1)
      goTo(chunk, message.id)
    }
    day.addEventListener('change', goToDay)

    let searching = 0
    query.addEventListener('input', () => {
      if (query.value === '') results.hidden = true
    })
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const wanted = query.value.trim().toLocaleLowerCase()
      const mine = ++searching
      hits.replaceChildren()
      results.hidden = wanted === ''
      if (wanted === '') return
      summary.textContent = t.searching
      let found = 0
      let chunk = stored.length - 1
      function more() {
        if (mine !== searching) return
        for (let n = 0; n < searchedAtOnce && chunk >= 0 && found <= mostHits; n++, chunk--) {
          for (const message of read(stored[chunk]).reverse()) {
            const text = wordsOf(message)
            const at = text.toLocaleLowerCase().indexOf(wanted)
            if (at < 0) continue
            if (++found > mostHits) break
            hits.append(hitOf(message, text, at, wanted.length, chunk))
          }
        }
        if (chunk >= 0 && found <= mostHits) setTimeout(more)
        else summary.textContent = t.hits(Math.min(found, mostHits), found > mostHits)
      }
      more()
    })
    function wordsOf({ text, media = [] }) {
      return [text, ...media.map((one) => one.name)].filter((part) => part !== '').join(' ')
    }
    function hitOf(message, text, at, length, chunk) {
      const start = Math.max(0, at - 40)
      const line = make('span', { dir: 'auto' }, (start > 0 ? '…' : '') + text.slice(start, at))
      line.append(make('mark', { text: text.slice(at, at + length) }), text.slice(at + length, at + length + 80))
      const button = make(
        'button',
        { type: 'button' },
        make('small', {}, `${format(momentFormat, message.at)} · `, said('bdi', nameOf(message.by))),
        make('br'),
        line,
      )
      button.addEventListener('click', () => goTo(chunk, message.id))
      return make('li', {}, button)
    }

    function articleOf(message) {
      const { id, by, own, at, kind, text, event } = message
      const facts = { 'data-message-id': String(id), tabindex: '-1' }
      if (event !== undefined) {
        const words = t.events[event.what]?.(
          nameOf(event.user ?? event.by ?? by),
          event.by === undefined ? '' : nameOf(event.by),
          event.detail ?? '',
        )
        return make('article', { ...facts, class: 'event' }, said('p', words ?? ''))
      }
      const line = make('div', { class: 'by' }, said('b', nameOf(by)), make('time', { text: format(timeFormat, at) }))
      for (const mark of ['edited', 'pinned', 'unsent']) {
        if (message[mark]) line.append(make('span', { class: mark, text: t[mark] }))
      }
      const article = make('article', { ...facts, class: own ? 'own' : '' }, line)
      if (message.recalled) {
        article.append(make('p', { class: 'soft', text: t.recalled }))
        return article
      }
      if (message.quoted !== undefined)
        article.append(said('blockquote', `${nameOf(message.quoted.by)}: ${message.quoted.text}`))
      if (t.kinds[kind] !== undefined) article.append(make('p', { class: 'soft', text: t.kinds[kind] }))
      if (text !== '') article.append(said('p', text))
      if (message.place !== undefined) {
        const { latitude, longitude, address } = message.place
        article.append(said('p', `${address} (${latitude}, ${longitude})`))
      }
      for (const one of message.media ?? []) article.append(mediaOf(one))
      if (['image', 'video', 'voice', 'file'].includes(kind) && message.media === undefined) {
        article.append(make('p', { class: 'soft', text: t.missing }))
      }
      return article
    }
    function mediaOf({ path, name: called, show }) {
      const src = `../${hrefOf(path)}`
      if (show === 'picture') return make('img', { src, alt: called, loading: 'lazy' })
      if (show === 'sound') return make('audio', { src, controls: '', preload: 'none', 'aria-label': called })
      if (show === 'video') return make('video', { src, controls: '', preload: 'none', 'aria-label': called })
      // What could run something is named, and nothing here opens it.
      return make('p', { class: 'soft', dir: 'auto', text: t.media(path) })
    }

    open(stored.length - 1)
    log.scrollTop = log.scrollHeight
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return
      event.preventDefault()
      query.focus()
    })
  }

  /** As a date field has it, in this place's time. */
  function dayOf(at) {
    const date = new Date(at)
    if (Number.isNaN(date.getTime())) return ''
    const two = (value) => String(value).padStart(2, '0')
    return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  }
})()
