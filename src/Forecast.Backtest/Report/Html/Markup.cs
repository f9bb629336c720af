using System.Runtime.CompilerServices;
using System.Text;

namespace Forecast.Backtest.Report.Html;

/// <summary>
/// HTML that is safe to put into a page: it can only be made from literals of the code and from escaped values, so that a series
/// called <c>&lt;script&gt;</c> stays a name.
/// </summary>
public readonly record struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    public static Markup Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>Markup from an interpolated string: literal parts as they are, holes escaped unless they are markup themselves.</summary>
    public static Markup Of(ref MarkupHandler html) => new(html.ToText());

    /// <summary>Text, escaped.</summary>
    public static Markup Text(string? text) => new(Escape(text));

    /// <summary>Content of our own assets; never anything that came with data.</summary>
    internal static Markup Trusted(string text) => new(text);

    public static Markup Join(IEnumerable<Markup> parts, string separator = "\n") => new(string.Join(separator, parts));

    public override string ToString() => _text ?? "";

    /// <summary>Escapes the five characters that mean something in text or in a quoted attribute.</summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}

/// <summary>Collects an interpolated string into markup.</summary>
[InterpolatedStringHandler]
public ref struct MarkupHandler
{
    private readonly StringBuilder _html;

    public MarkupHandler(int literalLength, int formattedCount) => _html = new StringBuilder(literalLength + (formattedCount * 16));

    public readonly void AppendLiteral(string literal) => _html.Append(literal);

    public readonly void AppendFormatted(Markup markup) => _html.Append(markup.ToString());

    public readonly void AppendFormatted(string? text) => _html.Append(Markup.Escape(text));

    public readonly void AppendFormatted(int number) => _html.Append(number);

    public readonly void AppendFormatted(int number, string format) => _html.Append(Numbers.Group(number, format));

    internal readonly string ToText() => _html.ToString();
}
