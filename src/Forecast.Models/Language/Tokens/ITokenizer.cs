namespace Forecast.Models.Language.Tokens;

/// <summary>Text to the numbers of its pieces and back.</summary>
internal interface ITokenizer
{
    /// <summary>Numbers run from 0 to here, this one excluded.</summary>
    int Count { get; }

    /// <param name="text">Any text; what UTF-16 cannot encode (lone surrogates) reads as U+FFFD.</param>
    /// <param name="special">Whether what the tokeniser puts around a text by itself (a begin piece) is put around this one.</param>
    long[] Encode(string text, bool special = true);

    /// <summary>The text of pieces; special ones give nothing. Bytes that are no UTF-8 read as U+FFFD.</summary>
    /// <exception cref="Forecast.Core.ForecastException">A number that is none of a piece.</exception>
    string Decode(IEnumerable<long> tokens);
}
