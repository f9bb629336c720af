namespace Forecast.Core;

/// <summary>
/// Input or a model that cannot be used as asked, told in the caller's terms: what is wrong, where (field, series, row), and
/// what would be right. The command line prints the message and exits 2; the API turns it into problem details.
/// </summary>
public sealed class ForecastException : Exception
{
    public ForecastException(string code, string message, string? field = null, string? series = null, int? index = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Field = field;
        Series = series;
        Index = index;
    }

    /// <summary>Stable machine-readable kind, such as <c>series-too-short</c>.</summary>
    public string Code { get; }

    /// <summary>The option, column or argument at fault.</summary>
    public string? Field { get; }

    /// <summary>The series at fault.</summary>
    public string? Series { get; }

    /// <summary>Zero-based row of the series at fault.</summary>
    public int? Index { get; }
}
