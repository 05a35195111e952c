const 模型 = "gpt-4o"; const s = "🦀𝔘" + 'claude-opus-4-6' + `é${a + "gpt-4.1"}`;
const deep = `x ${`y ${{ model: 'gpt-5', b: `z` }.b}`} "gpt-4o"`;
const r = a ? /[/"'`]gpt-4o/ : b / c / "gpt-4".length;
return /"claude-2.1"/.exec(x) || (y) / 2 + 'gpt-5-mini'.length / 2;
const t = tag`gpt-4o ${1}`, u = `\`gpt-4o\``, v = "gemini-2.5-pro";
const w = "\\", x1 = 'gemini-2.0-flash', y1 = '\\\'gpt-4o', z1 = "o1-preview";
const o = {model:"gpt-4-turbo",'model':'claude-2.1',model:`claude-haiku-4-5`,["model"]:"gpt-4.1-mini",Model :  "o3"};
o.model="gpt-3.5-turbo";o["model"] = 'claude-instant-1.2';o.modelName ||= "gpt-4.1-nano";
if (o.model === 'davinci' || 'davinci' === o.kind) f("gpt-4-32k"/* "gpt-4o" */, 'command');
const emoji = "🦀 it's gpt-4o 🦀", after = "grok-code-fast-1"; //'gpt-4
