using System.Text.Json;
using System.Text.RegularExpressions;

namespace Forecast.Backtest.Tests.Report;

/// <summary>A report read back as a browser would: tags, ids, chart data.</summary>
internal sealed partial class HtmlPage
{
    private static readonly HashSet<string> Void = ["meta", "br", "img", "input", "link", "rect", "line", "circle", "path"];

    public HtmlPage(string text)
    {
        Text = text;
        Charts = [.. ChartBlock().Matches(text).Select(m => (m.Groups["name"].Value, JsonDocument.Parse(m.Groups["json"].Value).RootElement))];
        Markup = Comment().Replace(Content().Replace(text, "<${tag}></${tag}>"), "");
        Ids = [.. Id().Matches(Markup).Select(m => m.Groups["value"].Value)];
        Links = [.. Link().Matches(Markup).Select(m => m.Groups["value"].Value)];
    }

    public string Text { get; }

    /// <summary>The page without the content of scripts, styles and comments.</summary>
    public string Markup { get; }

    public IReadOnlyList<(string Name, JsonElement Spec)> Charts { get; }

    public IReadOnlyList<string> Ids { get; }

    public IReadOnlyList<string> Links { get; }

    /// <summary>What a reader sees: no tags, no attributes.</summary>
    public string Visible => System.Net.WebUtility.HtmlDecode(Tag().Replace(Markup, " "));

    /// <summary>The inner markup of a section.</summary>
    public string Section(string id)
    {
        var match = Regex.Match(Markup, $"<section id=\"{id}\"[^>]*>(?<body>.*?)</section>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        return match.Success ? match.Groups["body"].Value : throw new InvalidOperationException($"the page has no section {id}");
    }

    /// <summary>The first tag that is closed out of order, or null.</summary>
    public string? Unbalanced()
    {
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(Markup))
        {
            var name = tag.Groups["name"].Value.ToLowerInvariant();
            if (name.Length == 0 || Void.Contains(name) || tag.Value.EndsWith("/>", StringComparison.Ordinal)) continue;
            if (tag.Groups["end"].Value.Length == 0) open.Push(name);
            else if (open.Count == 0 || !string.Equals(open.Pop(), name, StringComparison.Ordinal)) return tag.Value + " after " + Markup[Math.Max(0, tag.Index - 80)..tag.Index];
        }

        return open.Count == 0 ? null : open.Peek();
    }

    [GeneratedRegex("<script type=\"application/json\" data-chart=\"(?<name>[^\"]+)\">(?<json>.*?)</script>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex ChartBlock();

    [GeneratedRegex("<(?<tag>script|style)\\b[^>]*>.*?</\\k<tag>>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Content();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Comment();

    [GeneratedRegex("\\sid=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Id();

    [GeneratedRegex("\\s(?:href|src)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();

    [GeneratedRegex("<(?<end>/?)(?<name>[a-zA-Z0-9]*)[^>]*>", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Tag();
}
