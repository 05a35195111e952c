-- Models that a template, another program's file and source code name, in a real Neovim: run as chat.lua is.
local folder = assert(arg[1])
local here = dofile(vim.fs.dirname(arg[0]) .. "/driving.lua")
local OLD, NEW = "claude-3-opus-20240229", "claude-opus-4-8"

local function problems()
  return vim.tbl_map(function(one) return one.code end, vim.diagnostic.get(0))
end

-- What completion offers where the cursor stands, in insert mode, by their labels.
local function offered()
  local answers = vim.lsp.buf_request_sync(
    0, "textDocument/completion", vim.lsp.util.make_position_params(0, "utf-8"), 90000)
  local found = {}
  for _, answer in pairs(answers or {}) do
    for _, item in ipairs((answer.result or {}).items or answer.result or {}) do
      found[item.label] = true
    end
  end
  return found
end

vim.cmd.edit(folder .. "/.choragen/workflow-templates/two.yaml")
here.wait_for("the server for a template", function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
vim.fn.search('model: "rehearsal-1', "e")
here.wait_for("models of a template", function() return offered()["rehearsal-2"] end)
vim.cmd("normal! a0")
here.wait_for("a model that is not there", function() return vim.tbl_contains(problems(), "model-unavailable") end)
here.choose("Use `rehearsal-1`")
here.wait_for("its fix", function() return not here.text():find("rehearsal-10", 1, true) end)
here.wait_for("no such problem", function() return not vim.tbl_contains(problems(), "model-unavailable") end)
vim.cmd("silent write")

for _, name in ipairs({ "/.claude/agents/reviewer.md", "/answer.py" }) do
  vim.cmd.edit(folder .. name)
  here.wait_for("the server for " .. name, function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
  here.wait_for("the end of " .. OLD, function() return vim.tbl_contains(problems(), "model-retired") end)
  vim.fn.search(OLD)
  here.wait_for("what takes its place", function() return offered()[NEW] end)
  local hover = vim.lsp.buf_request_sync(
    0, "textDocument/hover", vim.lsp.util.make_position_params(0, "utf-8"), 90000)
  assert(vim.inspect(hover):find("2026%-01%-05"), vim.inspect(hover))
  here.choose("Use `" .. NEW .. "`, its successor")
  here.wait_for("the other name", function()
    return here.text():find(NEW, 1, true) and not here.text():find(OLD, 1, true)
  end)
  here.wait_for("no problem", function() return #problems() == 0 end)
end
