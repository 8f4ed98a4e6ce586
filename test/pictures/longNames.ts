/** People, a group and words that are longer than any place made for them. */
import type { Seed } from '../server/seed.ts'

export const longNames: Seed = {
  users: [
    { userId: 'max', nickname: 'Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh' },
    { userId: 'li', nickname: '买买提·阿卜杜热合曼·古丽巴哈尔·努尔买买提江' },
  ],
  groups: [
    {
      groupId: 'g-long',
      name: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft 多瑙河轮船公司全体职工交流群',
      members: [
        { userId: 'max', role: 'owner' },
        { userId: 'alice', role: 'member' },
        { userId: 'li', role: 'member' },
        { userId: 'lin.mei', role: 'admin' },
      ],
    },
  ],
  messages: [
    { from: 'max', to: 'alice', text: 'Hello Alice.', minutesAgo: 50 },
    { from: 'max', group: 'g-long', text: `https://example.org/${'a-very-long-path/'.repeat(12)}`, minutesAgo: 40 },
    {
      from: 'li',
      group: 'g-long',
      text: '请大家查收附件，并在周五之前确认；有任何问题直接找我。'.repeat(3),
      minutesAgo: 30,
    },
    { from: 'alice', group: 'g-long', text: `${'W'.repeat(140)}`, minutesAgo: 20 },
  ],
  settings: {},
}
