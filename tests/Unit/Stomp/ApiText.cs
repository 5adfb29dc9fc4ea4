using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OpsAgent.Tests.Unit.Stomp;

/// <summary>An assembly's public types and members as lines of text; what the compiler adds to records is left out.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly) =>
        string.Concat(assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).Select(OfType));

    private static string OfType(Type type)
    {
        var members = type.IsEnum ? Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture)}") : OfMembers(type);
        return $"{Head(type)}\n{string.Concat(members.Select(m => $"    {m}\n"))}\n";
    }

    private static string Head(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.GetMethod("<Clone>$") is null ? "class" : "record";
        var form = !type.IsClass ? "" : type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var own = type.GetInterfaces().Where(i => !i.Name.StartsWith("IEquatable", StringComparison.Ordinal) && type.BaseType?.GetInterfaces().Contains(i) != true);
        var bases = type.IsEnum ? [] : own.Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.IsClass && type.BaseType != typeof(object))
        {
            bases.Insert(0, Name(type.BaseType!));
        }

        return $"{form}{kind} {type.FullName}{(bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}")}";
    }

    private static IEnumerable<string> OfMembers(Type type)
    {
        var constructors = type.GetConstructors(Declared).Where(IsSeen).Select(c => $".ctor({Parameters(c)})");
        var properties = type.GetProperties(Declared).Where(p => IsSeen(p.GetMethod ?? p.SetMethod!) && p.Name != "EqualityContract").Select(Property);
        var events = type.GetEvents(Declared).Where(e => IsSeen(e.AddMethod!)).Select(e => $"event {Name(e.EventHandlerType!)} {e.Name}");
        var methods = type.GetMethods(Declared).Where(m => IsSeen(m) && !m.IsSpecialName && !IsMade(m)).Select(Method);
        var fields = type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(f => $"field {Name(f.FieldType)} {f.Name}");
        return constructors.Concat(properties).Concat(events).Concat(methods).Concat(fields).Order(StringComparer.Ordinal);
    }

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsMade(MethodInfo method) => method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name is "<Clone>$" or "Deconstruct";

    private static string Property(PropertyInfo property)
    {
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var set = property.SetMethod is { } setter && IsSeen(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : "";
        return $"{Static(property.GetMethod)}{required}{Name(property.PropertyType, Nullability.Create(property))} {property.Name} {{ get;{set} }}";
    }

    private static string Method(MethodInfo method) =>
        $"{Static(method)}{(method.IsFamily ? "protected " : "")}{Name(method.ReturnType, Nullability.Create(method.ReturnParameter))} {method.Name}({Parameters(method)})";

    private static string Static(MethodInfo? method) => method?.IsStatic == true ? "static " : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{(p.IsOut ? "out " : "")}{Name(p.ParameterType, Nullability.Create(p))} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "default"}" : "")}"));

    private static string Name(Type type) => Name(type, null);

    private static string Name(Type type, NullabilityInfo? nullability)
    {
        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Name(value)}?";
        }

        if (!type.IsGenericType)
        {
            return $"{(type.IsByRef ? type.GetElementType()! : type).Name}{mark}";
        }

        var arguments = type.GetGenericArguments().Select((a, i) => Name(a, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", arguments)}>{mark}";
    }
}
