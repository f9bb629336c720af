namespace Forecast.Backtest.Report.Html;

/// <summary>A verdict as word, sign and colour together: never colour alone.</summary>
public static class Badge
{
    public static Markup For(string verdict) => verdict switch
    {
        "clean" => Markup.Of($"<span class=\"badge good\">✓ clean</span>"),
        "contaminated" => Markup.Of($"<span class=\"badge bad\">✕ contaminated</span>"),
        _ => Markup.Of($"<span class=\"badge warn\">? {verdict}</span>"),
    };
}
