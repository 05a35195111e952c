'use strict';
var { Configuration, OpenAIApi } = require('openai');
var openai = new OpenAIApi(new Configuration({ apiKey: process.env.OPENAI_API_KEY }));

var completion = openai.createCompletion({
  model: "text-davinci-003",
  prompt: 'Say gpt-4 is great',
});
openai.createChatCompletion({ 'model': 'gpt-3.5-turbo-0301', messages: [] });
openai.createCompletion({ model: 'ada' });
openai.createEdit({ model: "code-davinci-002", input: "ada" });
var lookup = { ada: 'ada', command: "command", babbage: 'babbage' };
const { ChatOpenAI } = require("@langchain/openai");
const chat = new ChatOpenAI({ modelName: "gpt-4-32k", azureOpenAIApiDeploymentName: "gpt-4-32k" });
const multi = new ChatOpenAI({
  model:
    "gpt-4-vision-preview",
});
var s = 'a\
gpt-4o\
'; var t = "gpt-4-turbo";
if (a < b / c) { m = 'dall-e-3'; } else if (x && /"dall-e-2/.test(y)) use("dall-e-2");
// eslint-disable-next-line -- 'o1-mini'
module.exports = { model: cfg.model || 'o1-preview', versions: ['gpt-v4.0', "not-gpt-4o"] };
