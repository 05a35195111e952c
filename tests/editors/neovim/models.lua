-- Models that another program's file and source code name, in a real Neovim: run as chat.lua is.
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
