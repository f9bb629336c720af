namespace Forecast.Backtest.Report.Html;

/// <summary>Builds a table that reads without script: heads with scopes, numbers to the right, dashes with their reasons below.</summary>
public sealed class Table
{
    private readonly List<Markup> _head = [];
    private readonly List<Markup> _body = [];
    private readonly List<string> _reasons = [];
    private readonly string _caption;
    private bool _open;

    public Table(string caption) => _caption = caption;

    /// <summary>A column of text.</summary>
    public Table Text(string name)
    {
        _head.Add(Markup.Of($"<th scope=\"col\">{name}</th>"));
        return this;
    }

    /// <summary>A column of numbers; <paramref name="hint"/> says unit or direction.</summary>
    public Table Number(string name, string hint = "")
    {
        _head.Add(hint.Length == 0
            ? Markup.Of($"<th scope=\"col\" class=\"n\">{name}</th>")
            : Markup.Of($"<th scope=\"col\" class=\"n\">{name}<small>{hint}</small></th>"));
        return this;
    }

    /// <summary>Starts a group of rows under one name.</summary>
    public Table Group(Markup name)
    {
        if (_open) _body.Add(Markup.Of($"</tbody>"));
        _body.Add(Markup.Of($"<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{_head.Count}\">{name}</th></tr>"));
        _open = true;
        return this;
    }

    /// <summary>A row: the first cell names it.</summary>
    public Table Row(Markup name, params IEnumerable<Markup> cells) => RowOf("", name, cells);

    /// <summary>A row that others are compared with.</summary>
    public Table PinnedRow(Markup name, params IEnumerable<Markup> cells) => RowOf(" class=\"pinned\"", name, cells);

    /// <summary>A number cell: rounded text, all digits in its title.</summary>
    public static Markup Number(double value, string text, bool strong = false) => strong
        ? Markup.Of($"<td class=\"n\" title=\"{Numbers.Full(value)}\"><b>{text}</b></td>")
        : Markup.Of($"<td class=\"n\" title=\"{Numbers.Full(value)}\">{text}</td>");

    public static Markup Count(long value) => Markup.Of($"<td class=\"n\">{Numbers.Count(value)}</td>");

    public static Markup Cell(Markup content) => Markup.Of($"<td>{content}</td>");

    public static Markup Cell(string content) => Markup.Of($"<td>{content}</td>");

    public static Markup NumberCell(Markup content) => Markup.Of($"<td class=\"n\">{content}</td>");

    /// <summary>A dash with a mark that leads to its reason under the table.</summary>
    public Markup Missing(string reason)
    {
        var said = reason.Length == 0 ? "no value was recorded" : reason;
        var index = _reasons.IndexOf(said);
        if (index < 0)
        {
            index = _reasons.Count;
            _reasons.Add(said);
        }

        return Markup.Of($"<td class=\"n none\" title=\"{said}\">\u2013<sup>{Letter(index)}</sup></td>");
    }

    public Markup Render(string cssClass = "")
    {
        var reasons = _reasons.Count == 0
            ? Markup.Empty
            : Markup.Of($"<p class=\"reasons\">{Markup.Join(_reasons.Select((r, i) => Markup.Of($"<span><sup>{Letter(i)}</sup> {r}</span>")), "; ")}</p>");
        var end = _open ? "</tbody>" : "";
        return Markup.Of($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{_caption}\"><table class=\"{cssClass}\"><caption>{_caption}</caption>\n<thead><tr>{Markup.Join(_head, "")}</tr></thead>\n{Markup.Join(_body)}{Markup.Trusted(end)}\n</table></div>{reasons}");
    }

    private static string Letter(int index) => index < 26 ? ((char)('a' + index)).ToString() : $"a{index}";

    private Table RowOf(string attributes, Markup name, IEnumerable<Markup> cells)
    {
        if (!_open)
        {
            _body.Add(Markup.Of($"<tbody>"));
            _open = true;
        }

        _body.Add(Markup.Of($"<tr{Markup.Trusted(attributes)}><th scope=\"row\">{name}</th>{Markup.Join(cells, "")}</tr>"));
        return this;
    }
}
