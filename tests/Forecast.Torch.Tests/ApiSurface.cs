using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Forecast.Torch.Tests;

/// <summary>Writes public types and members the way <c>tests/data/torch/api.txt</c> does.</summary>
internal static class ApiSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The name by which a type's block begins, as in <c>TorchSharp.torch.Tensor</c>.</summary>
    public static string FullName(Type type)
    {
        var name = type.Name;
        return type.DeclaringType is { } outer ? $"{FullName(outer)}.{name}" : $"{type.Namespace}.{name}";
    }

    /// <summary>Base type, traits and interfaces, as they follow the colon of a block's first line.</summary>
    public static (string Base, string Traits, string[] Interfaces) Header(Type type)
    {
        var traits = type.IsEnum ? "[enum]" : type.IsAbstract && type.IsSealed ? "[static]" : type.IsAbstract && !type.IsInterface ? "[abstract]" : type.IsInterface ? "[abstract]" : "";
        var parent = type.BaseType is { } baseType ? Name(baseType) : "";
        // The list leaves out nested interfaces, such as torch.nn.IModule, and ends after four.
        return (parent, traits, [.. type.GetInterfaces().Where(i => !i.IsNested).Select(Name)]);
    }

    public static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(f => $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }

        var lines = new List<string>();
        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily))
        {
            lines.Add($"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{(field.IsFamily ? " [protected]" : "")}");
        }

        foreach (var property in type.GetProperties(Declared))
        {
            var accessors = property.GetAccessors(nonPublic: true).Where(Visible).ToList();
            if (accessors.Count == 0) continue;
            var shown = accessors.Exists(a => a.IsPublic) ? accessors.FindAll(a => a.IsPublic) : accessors;
            var get = shown.Exists(a => a == property.GetMethod) ? "get; " : "";
            var set = shown.Exists(a => a == property.SetMethod) ? "set; " : "";
            var index = property.GetIndexParameters();
            var list = index.Length == 0 ? "" : $"[{string.Join(", ", index.Select(Parameter))}]";
            // The list says of a property whether it is static, not whether it is virtual.
            lines.Add($"{(shown[0].IsStatic ? "static " : "")}{Name(property.PropertyType)} {property.Name}{list} {{ {get}{set}}}{Protection(shown[0])}");
        }

        foreach (var method in type.GetMethods(Declared).Where(Visible))
        {
            if (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)) continue;
            var generic = method.IsGenericMethodDefinition ? $"<{string.Join(",", method.GetGenericArguments().Select(a => a.Name))}>" : "";
            lines.Add($"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{generic}({string.Join(", ", method.GetParameters().Select(Parameter))}){Protection(method)}");
        }

        foreach (var constructor in type.GetConstructors(Declared & ~BindingFlags.Static).Where(Visible))
        {
            lines.Add($".ctor({string.Join(", ", constructor.GetParameters().Select(Parameter))}){Protection(constructor)}");
        }

        return lines;
    }

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Protection(MethodBase method) => method.IsPublic ? "" : " [protected]";

    private static string Modifiers(MethodBase method) =>
        method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "";

    private static string Parameter(ParameterInfo parameter)
    {
        var isParams = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{isParams}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + Default(parameter.RawDefaultValue) : "")}";
    }

    private static string Default(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        double number => number.ToString(CultureInfo.InvariantCulture),
        float number => number.ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef) return "ref " + Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter) return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        var arguments = type.GetGenericArguments();
        if (typeof(ITuple).IsAssignableFrom(type) && type.IsValueType) return $"({string.Join(", ", arguments.Select(Name))})";
        var name = type.Name.Split('`')[0];
        var outer = type.DeclaringType;
        var prefix = outer is null ? "" : outer.IsGenericType ? $"{Name(outer).Split('<')[0]}." : Name(outer) + ".";
        return arguments.Length == 0 ? prefix + name : $"{prefix}{name}<{string.Join(", ", arguments.Select(Name))}>";
    }
}
