using System.Text.RegularExpressions;

namespace Forecast.Hosting.Data;

/// <summary>
/// One source of DATA, which is written <c>SOURCE[:COLUMN,COLUMN][@CALENDAR]</c>, several joined by <c>+</c>, where SOURCE is the
/// name of a dataset or a path that ends in <c>.csv</c> or <c>.csv.gz</c>: <c>ecb_reference_rates:eur_usd+brent_spot@XLON</c>. No
/// character of it needs quoting in a shell. A file whose path alone would read otherwise (<c>a+b.csv</c>) may be given as
/// <c>./a+b.csv</c>.
/// </summary>
/// <param name="Source">Dataset name or path.</param>
/// <param name="Picks">Columns of a wide file, or series ids of a long one; empty = all.</param>
/// <param name="Calendar">Calendar of this source alone.</param>
internal sealed partial record SourceReference(string Source, IReadOnlyList<string> Picks, string? Calendar)
{
    public bool IsPath => CsvPath.IsCsv(Source);

    /// <exception cref="Core.ForecastException"><c>data-syntax</c> or <c>data-file-type</c>.</exception>
    public static IReadOnlyList<SourceReference> Parse(string data)
    {
        if (File.Exists(data) && CsvPath.IsCsv(data)) return [new SourceReference(data, [], null)];
        var sources = new List<SourceReference>();
        var at = 0;
        while (at < data.Length || at == 0)
        {
            var match = Grammar().Match(data, at);
            if (!match.Success) throw Unreadable(data, data[at..]);
            var picks = match.Groups["picks"];
            var names = picks.Success ? picks.Value.Split(',', StringSplitOptions.TrimEntries) : [];
            if (names.Contains("")) throw DataErrors.Syntax(data);
            sources.Add(new SourceReference(match.Groups["source"].Value, names, match.Groups["calendar"] is { Success: true } c ? c.Value : null));
            at = match.Index + match.Length;
        }

        return data.EndsWith('+') ? throw DataErrors.Syntax(data) : sources;
    }

    private static Exception Unreadable(string data, string rest)
    {
        var source = rest.Split(':', '@', '+')[0];
        return Path.HasExtension(source) || File.Exists(source) ? DataErrors.FileType(source) : DataErrors.Syntax(data);
    }

    [GeneratedRegex(@"\G(?<source>[\w-]+(?=[:@+]|$)|.+?\.csv(\.gz)?(?=[:@+]|$))(:(?<picks>[^+@]+))?(@(?<calendar>\w+))?(\+|$)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Grammar();
}
