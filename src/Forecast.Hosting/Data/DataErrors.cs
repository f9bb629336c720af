using Forecast.Core;

namespace Forecast.Hosting.Data;

/// <summary>Every error of reading data, in one place, so that codes stay stable and <c>docs/ERRORS.md</c> can be held against them.</summary>
internal static class DataErrors
{
    public static ForecastException Syntax(string data) =>
        new("data-syntax", $"'{data}' is not of the form SOURCE[:COLUMN,COLUMN][@CALENDAR], several joined by '+'", "data");

    public static ForecastException FileType(string source) =>
        new("data-file-type", $"'{source}' is neither a .csv nor a .csv.gz file", "data");

    public static ForecastException Unknown(string source, bool isPath, string? nearest) =>
        new("data-unknown", isPath ? $"there is no file '{source}'" : $"there is no dataset '{source}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")}", "data");

    public static ForecastException Unreadable(string file, Exception e) =>
        new("data-unreadable", $"{file} cannot be opened: {e.Message}", "data", inner: e);

    public static ForecastException Empty(string file) => new("file-empty", $"{file} is empty", "data");

    public static ForecastException PartsOfWide(string file) =>
        new("parts-wide", $"{file} is in wide form, where every row has values of all series; only a long file (unique_id,ds,y) can be read a few series at a time", "series-at-a-time");

    public static ForecastException PartsOfSeveral(string data) =>
        new("parts-source", $"'{data}' names several sources; one long file can be read a few series at a time", "series-at-a-time");

    public static ForecastException SeriesScattered(string file, long line, string series) =>
        new("series-scattered", $"{file} line {line}: series '{series}' goes on after others; to be read a few series at a time, the rows of a series must stand together", "series-at-a-time", series, (int)line);

    public static ForecastException TooLarge(string file, long maxBytes) =>
        new("data-too-large", $"{file} holds more than {maxBytes} bytes (decompressed)", "data");

    public static ForecastException GzipInvalid(string file, Exception? e = null) =>
        new("gzip-invalid", $"{file} is no complete gzip file: it is cut short, damaged, or made of several parts", "data", inner: e);

    public static ForecastException GzipNot(string file) =>
        new("gzip-invalid", $"{file} is not gzip-compressed, though its name says so", "data");

    public static ForecastException GzipNamedPlain(string file) =>
        new("gzip-invalid", $"{file} is gzip-compressed; name it .csv.gz", "data");

    public static ForecastException NotText(string file, int line) =>
        new("not-text", $"{file} line {line}: a zero byte; this is no UTF-8 text file", "data");

    public static ForecastException NotUtf8(string file, int line) =>
        new("not-utf8", $"{file} line {line}: not valid UTF-8; save the file as UTF-8", "data");

    public static ForecastException Quote(string file, long line) =>
        new("quote-invalid", $"{file} line {line}: a quoted field is not closed, or a quote stands inside an unquoted one", "data");

    public static ForecastException RecordTooLong(string file, long line) =>
        new("record-too-long", $"{file} line {line}: longer than a line of data may be", "data");

    public static ForecastException Separator(string file, string separator) =>
        new("separator-invalid", $"{file} line 1: fields are separated by {separator}, not by commas", "data");

    public static ForecastException HeaderMissing(string file, string first) =>
        new("header-missing", $"{file} line 1: '{first}' is a value, not a column name; the first line must name the columns", "data");

    public static ForecastException HeaderBlank(string file, int column) =>
        new("header-blank", $"{file} line 1: column {column} has no name", "data");

    public static ForecastException HeaderOnly(string file) =>
        new("no-rows", $"{file} has a header but no rows", "data");

    public static ForecastException ColumnDuplicate(string file, string column) =>
        new("column-duplicate", $"{file} line 1: two columns are named '{column}'", column);

    public static ForecastException ColumnUnknown(string file, string column, IEnumerable<string> known) =>
        new("column-unknown", $"{file} has no column '{column}'; its columns are {List(known)}", column);

    public static ForecastException ColumnTwice(string file, string column, string first, string second) =>
        new("column-role-conflict", $"{file}: column '{column}' is asked for both as {first} and as {second}", column);

    public static ForecastException TimeColumnMissing(string file, IEnumerable<string> columns, string looksLikeTime) =>
        new("time-column-missing", $"{file}: none of the columns {List(columns)} has a known name for time; '{looksLikeTime}' looks like it, so say --time {looksLikeTime}", "time");

    public static ForecastException TimeColumnAmbiguous(string file, IReadOnlyList<string> candidates) =>
        new("time-column-ambiguous", $"{file}: {List(candidates)} could each be the time; say which with --time {candidates[0]}", "time");

    public static ForecastException NoValueColumn(string file, string time) =>
        new("value-column-missing", $"{file} has no column of values beside '{time}'", "value");

    public static ForecastException LongValueColumn(string file, string id, IEnumerable<string> columns) =>
        new("value-column-missing", $"{file} is in long form (it has a column '{id}'), but which of {List(columns)} is the value? say so with --value", "value");

    public static ForecastException FormAmbiguous(string file, string one, string other) =>
        new("form-ambiguous", $"{file} has both '{one}' and '{other}'; say which one names the series with --id", "id");

    public static ForecastException SeriesUnknown(string file, string id) =>
        new("series-unknown", $"{file} has no series '{id}'", "data", id);

    public static ForecastException FieldCount(string file, long line, int found, int expected) =>
        new("field-count", $"{file} line {line}: {found} {(found == 1 ? "field" : "fields")}, but the header has {expected}", "data");

    public static ForecastException IdMissing(string file, long line, string column) =>
        new("series-id-missing", $"{At(file, line, column)}: no series id", column);

    public static ForecastException TimestampInvalid(string file, long line, string column, string text) =>
        new("timestamp-invalid", $"{At(file, line, column)}: {(text.Length == 0 ? "no time" : $"'{text}' is no time")}; write yyyy-MM-dd or yyyy-MM-ddTHH:mm:ss, with Z or an offset if it has one", column);

    public static ForecastException RowNumberInvalid(string file, long line, string column, string text) =>
        new("timestamp-invalid", $"{At(file, line, column)}: '{text}' is no row number, but the rows of this file are numbered", column);

    public static ForecastException NumberInvalid(string file, long line, string column, string text) =>
        new("number-invalid", $"{At(file, line, column)}: '{text}' is no number{(text.Contains(',', StringComparison.Ordinal) ? "; the decimal mark is '.', and thousands are not grouped" : "; leave the field empty if the value is missing")}", column);

    public static ForecastException ValueInfinite(string file, long line, string column, string text) =>
        new("value-infinite", $"{At(file, line, column)}: '{text}' is not finite; leave the field empty if the value is missing", column);

    public static ForecastException TimestampDuplicate(string file, long line, string column, string id, string time, long firstLine) =>
        new("timestamp-duplicate", $"{At(file, line, column)}: series '{id}' has {time} already in line {firstLine}", column, id);

    public static ForecastException PublicationDuplicate(string file, long line, string column, string id, string time, long firstLine) =>
        new("publication-duplicate", $"{At(file, line, column)}: series '{id}' has {time} already in line {firstLine}, published at the same instant", column, id);

    public static ForecastException Unsorted(string file, long line, string column, string id, string time, string previous) =>
        new("timestamps-unsorted", $"{At(file, line, column)}: series '{id}' has {time} after {previous}; times must ascend", column, id);

    public static ForecastException AvailableTooEarly(string file, long line, string column, string id, string available, string time) =>
        new("available-before-event", $"{At(file, line, column)}: series '{id}' has the value of {time} available at {available}, before its time", column, id);

    public static ForecastException FutureRevised(string file, long line, string column, string id, string time) =>
        new("future-covariate-revised", $"{At(file, line, column)}: a covariate known in advance is stated twice for {time} with different values", column, id);

    public static ForecastException ReturnsOfRevised(string file, string id) =>
        new("returns-of-revisions", $"{file}: series '{id}' has revised values, of which returns are not defined row by row; put the returns in the file", "returns", id);

    public static ForecastException ReturnNotPositive(string file, long line, string column, string id, string kind, double value) =>
        new("return-undefined", $"{At(file, line, column)}: series '{id}' has the value {value}, but {kind} returns need values above 0", column, id);

    public static ForecastException ReturnsTooShort(string file, string id) =>
        new("return-undefined", $"{file}: series '{id}' has fewer than two observed values, so it has no returns", "returns", id);

    public static ForecastException AllMissing(string file, string id) =>
        new("series-all-missing", $"{file}: series '{id}' has no observed value", "data", id);

    public static ForecastException FrequencyMissing(string file, string? looksLike) =>
        new("frequency-missing", $"{file}: the rows are dated, but no frequency is stated; {(looksLike is null ? "say --frequency with P1D, B, P1M, PT1H, ..." : $"rows look like {looksLike}, so say --frequency {looksLike}")}", "frequency");

    public static ForecastException FrequencyContradicted(string file, long line, string column, string id, string what, string? looksLike) =>
        new("frequency-contradicted", $"{At(file, line, column)}: series '{id}' {what}{(looksLike is null ? "" : $"; rows look like {looksLike}")}", "frequency", id);

    public static ForecastException FrequencyOfIndex(string file, string column, string frequency) =>
        new("frequency-without-dates", $"{file}: column '{column}' numbers the rows, which have no dates for frequency {frequency}; say --frequency index", "frequency");

    public static ForecastException FrequencyWithoutTime(string file, string frequency) =>
        new("frequency-without-dates", $"{file} has no time column for frequency {frequency}; say which with --time, or --frequency index", "frequency");

    public static ForecastException IndexOfDates(string file, string column) =>
        new("frequency-without-dates", $"{file}: column '{column}' holds dates, but frequency index numbers rows; state the frequency of the dates", "frequency");

    public static ForecastException ZoneUnknown(string zone) =>
        new("zone-unknown", $"time zone '{zone}' is not known; use an IANA name such as Europe/Berlin", "zone");

    public static ForecastException LocalTimeSkipped(string file, long line, string column, string time, string zone) =>
        new("local-time-skipped", $"{At(file, line, column)}: {time} does not exist in {zone}: the clocks went forward over it", column);

    public static ForecastException LocalTimeAmbiguous(string file, long line, string column, string time, string zone) =>
        new("local-time-ambiguous", $"{At(file, line, column)}: {time} happens twice in {zone} and the rows do not tell which one is meant; write its offset", column);

    private static string At(string file, long line, string column) => $"{file} line {line}, column '{column}'";

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}
