using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forecast.Backtest.Report.Charts;

/// <summary>
/// Charts as JSON inside a page. The default encoder writes &lt; &gt; &amp; and quotes as \u escapes, so that no name can end the
/// script block that carries it. Six significant digits are more than a screen can show and keep the file small.
/// </summary>
public static class ChartJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ShortDouble() },
    };

    public static string Write(ChartSpec spec) => JsonSerializer.Serialize(spec, Options);

    private sealed class ShortDouble : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            if (!double.IsFinite(value)) writer.WriteNullValue();
            else if (value == Math.Floor(value) && Math.Abs(value) < 1e15) writer.WriteNumberValue((long)value);
            else writer.WriteRawValue(value.ToString("G6", CultureInfo.InvariantCulture).Replace("E-0", "E-", StringComparison.Ordinal), skipInputValidation: true);
        }
    }
}
